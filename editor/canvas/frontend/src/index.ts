import "../../../theme/tokens.css";
import "@vue-flow/core/dist/style.css";
import "./looks/canvas.css";
import "./looks/card.css";
import "./looks/links.css";
import "./looks/panels.css";

export { default as FlowCanvas } from "./FlowCanvas.vue";
