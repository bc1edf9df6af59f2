// What htmx does not do: each file listens for its own part of the page.
import "./ask.js";
import "./editor.js";
import "./key.js";
import "./links.js";
import "./rows.js";
import "./switch.js";
import "./table.js";
