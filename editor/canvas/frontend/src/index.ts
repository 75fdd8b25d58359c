import "../../../theme/tokens.css";
import "@vue-flow/core/dist/style.css";
import "./canvas.css";

export { default as FlowCanvas } from "./FlowCanvas.vue";
