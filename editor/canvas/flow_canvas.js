export { FlowCanvas as default } from "tandem-canvas";
