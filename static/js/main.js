/* The elements that pages are built from. Each file is one behaviour; the browser starts and stops it. */
import "./elements/own-keys.js";
import "./elements/theme-switch.js";
import "./elements/flash-note.js";
import "./elements/menus.js";
import "./elements/time-left.js";
import "./elements/due-clock.js";
import "./elements/key-map.js";
import "./elements/notice-bell.js";
import "./elements/drop-zone.js";
import "./elements/second-press.js";
import "./elements/metric-chart.js";
import "./elements/board-wall.js";
import "./elements/point-note.js";
import "./elements/svg-picture.js";
import "./elements/paper.js";
import "./elements/cell-question.js";
import "./elements/requests.js";
