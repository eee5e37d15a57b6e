import '@xyflow/react/dist/base.css';
import 'uplot/dist/uPlot.min.css';
import './base.css';
