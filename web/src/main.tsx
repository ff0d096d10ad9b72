import { render } from "solid-js/web";
import "./style/base.css";
import "./style/parts.css";
import "./style/pages.css";
import { Shell } from "./shell/Shell";

const page = document.getElementById("page");
if (page) render(() => <Shell />, page);
