import { type Signal, signal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { LocationProvider, lazy, Route, Router } from "preact-iso";
import { HatcheryContext } from "./hatchery";
import { AgentPage } from "./pages/agent";
import { ArtifactPage } from "./pages/artifact";
import { ArtifactsPage } from "./pages/artifacts";
import { ComparisonPage } from "./pages/comparison";
import { GalleryPage } from "./pages/gallery";
import { GenerationPage } from "./pages/generation";
import { HomePage } from "./pages/home";
import { LostPage } from "./pages/lost";
import { StatisticsPage } from "./pages/statistics";
import { WorkbenchPage } from "./pages/workbench";
import { arrive } from "./parts/arriving";
import { Boundary } from "./parts/boundary";
import { Header } from "./parts/header";
import { type Toast, Toasts } from "./parts/toasts";
import type { Server } from "./server/server";
import type { Watching } from "./watch/watching";

/** Whoever only looks in need not wait for it. */
const ChatPage = lazy(() => import("./pages/chat").then((page) => page.ChatPage));

export function App({ server, watching }: { server: Server; watching: Watching }) {
  const toast = useMemo(() => signal<Toast | undefined>(undefined), []);
  const hatchery = useMemo(
    () => ({
      server,
      watching,
      agentsChanged: everywhere("agents"),
      conversationsChanged: everywhere("conversations"),
      say: (text: string, undo?: Toast["undo"]) => {
        toast.value = { text, undo };
      },
    }),
    [server, watching, toast],
  );
  return (
    <HatcheryContext.Provider value={hatchery}>
      <LocationProvider>
        <Header />
        <Toasts toast={toast} />
        <main id="main" tabIndex={-1}>
          <Boundary>
            <Router onRouteChange={arrive}>
              <Route path="/" component={HomePage} />
              <Route path="/agents" component={GalleryPage} />
              <Route path="/agents/:id" component={AgentPage} />
              <Route path="/agents/:id/chat" component={ChatPage} />
              <Route path="/agents/:id/chat/new" component={ChatPage} />
              <Route path="/conversations/:id" component={ChatPage} />
              <Route path="/conversations/:id/messages/:number" component={ChatPage} />
              <Route path="/workbench" component={WorkbenchPage} />
              <Route path="/artifacts" component={ArtifactsPage} />
              <Route path="/artifacts/:id" component={ArtifactPage} />
              <Route path="/comparisons/:id" component={ComparisonPage} />
              <Route path="/statistics" component={StatisticsPage} />
              <Route path="/generations/:id" component={GenerationPage} />
              <Route default component={LostPage} />
            </Router>
          </Boundary>
        </main>
      </LocationProvider>
    </HatcheryContext.Provider>
  );
}

/** A count that rises in all tabs when it does in one. */
function everywhere(name: string): Signal<number> {
  const count = signal(0);
  const others = new BroadcastChannel(name);
  let told = 0;
  count.subscribe((value) => {
    if (value > told) others.postMessage("");
    told = value;
  });
  others.onmessage = () => {
    told += 1;
    count.value += 1;
  };
  return count;
}
