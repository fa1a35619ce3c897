import type { ComponentChildren } from "preact";
import type { Problem } from "../server/problem";
import { Command } from "./command";
import { Egg } from "./egg";

interface Props {
  problem: Problem;
  /** What else can be done, as buttons. */
  children?: ComponentChildren;
}

/** A view that cannot be shown: why, and where to go instead. */
export function ProblemPage({ problem, children }: Props) {
  return (
    <section class="lost" role="alert">
      <Egg fraction={0} lively={false} />
      <h1>{problem.title}</h1>
      <Advice problem={problem} />
      <div class="buttons">{children}</div>
    </section>
  );
}

/** What went wrong, and what to do about it. */
export function ProblemNote({ problem, children }: Props) {
  return (
    <div class="note note-problem" role="alert">
      <p class="note-title">{problem.title}</p>
      <Advice problem={problem} />
      {children && <div class="buttons">{children}</div>}
    </div>
  );
}

function Advice({ problem: { hint, command } }: { problem: Problem }) {
  return (
    <>
      {hint && <p>{hint}</p>}
      {command && <Command line={command} />}
    </>
  );
}
