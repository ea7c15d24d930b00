import { render } from 'preact';
import 'uplot/dist/uPlot.min.css';
import { App } from './app';
import './styles/colors.css';
import './styles/page.css';
import './styles/parts.css';

render(<App />, document.body);
