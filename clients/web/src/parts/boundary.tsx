import { Component, type ComponentChildren } from "preact";
import { ProblemPage } from "./problem";

const BUG = {
  reason: "",
  title: "This page has a fault of its own.",
  hint: "What you were making goes on without it. Reload to look again.",
  command: "",
  passing: false,
  fields: {},
  metadata: {},
};

/** Shows what is left to do where a view breaks, rather than nothing. */
export class Boundary extends Component<{ children: ComponentChildren }, { broken: boolean }> {
  override state = { broken: false };

  override componentDidCatch(error: unknown): void {
    console.error(error);
    this.setState({ broken: true });
  }

  override render() {
    if (!this.state.broken) return this.props.children;
    return (
      <ProblemPage problem={BUG}>
        <button type="button" class="button" onClick={() => location.reload()}>
          Reload
        </button>
      </ProblemPage>
    );
  }
}
