import "@fontsource-variable/pixelify-sans/wght.css";
import "./style/tokens.css";
import "./style/base.css";
import "./style/controls.css";
import "./style/egg.css";
import "./style/bar.css";
import "./style/words.css";
import "./style/cards.css";
import "./style/pages.css";
import "./style/writing.css";
import "./style/chat.css";
import "./style/steps.css";
import "./style/plots.css";

import { createClient } from "@connectrpc/connect";
import { render } from "preact";
import { App } from "./app";
import { GenerationService } from "./gen/hatchery/gateway/v1/generation_service_pb";
import { Server } from "./server/server";
import { transport } from "./server/transport";
import { joinHub } from "./watch/watching";

const wire = transport(location.origin);
const watching = joinHub((port) => {
  void Promise.all([import("./watch/hub"), import("./watch/attach")]).then(
    ([{ Hub }, { attach }]) => attach(new Hub(createClient(GenerationService, wire)), port),
  );
});
// What is dropped beside a place that takes it must not lead away from the page.
for (const kind of ["dragover", "drop"]) {
  addEventListener(kind, (event) => event.preventDefault());
}
const page = document.getElementById("page");
if (page) render(<App server={new Server(wire)} watching={watching} />, page);
