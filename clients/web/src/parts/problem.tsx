import type { ComponentChildren } from "preact";
import type { Problem } from "../server/problem";
import { Command } from "./command";

/** What went wrong, and what to do about it. */
export function ProblemNote({
  problem,
  children,
}: {
  problem: Problem;
  children?: ComponentChildren;
}) {
  return (
    <div class="note note-problem" role="alert">
      <p class="note-title">{problem.title}</p>
      {problem.hint && <p>{problem.hint}</p>}
      {problem.command && <Command line={problem.command} />}
      {children && <div class="buttons">{children}</div>}
    </div>
  );
}
