import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { useLocation } from "preact-iso";
import { useHatchery } from "../hatchery";
import { importCard } from "../server/cards";
import { explain, type Problem } from "../server/problem";
import { count } from "../words/numbers";
import { Drop, FileButton } from "./files";
import { ProblemNote } from "./problem";

/** A place that takes character cards, dropped or chosen. */
export function CardDrop({ children }: { children: ComponentChildren }) {
  const { keep, busy, refused } = useImporting();
  return (
    <Drop take={keep} class="card-drop">
      <p class="buttons">
        <FileButton
          take={keep}
          class="button"
          multiple
          accept=".png,.json,image/png,application/json"
        >
          Import cards
        </FileButton>
        <span class="soft" role="status">
          {busy ? "Importing …" : <Hint />}
        </span>
      </p>
      {refused.map(({ file, problem }, at) => (
        <div key={`${at} ${file}`}>
          <p>
            <bdi>{file}</bdi>
          </p>
          <ProblemNote problem={problem} />
        </div>
      ))}
      {children}
    </Drop>
  );
}

function Hint() {
  return (
    <>
      <span class="by-mouse">or drop them here: </span>PNG or JSON, as other programs write them.
    </>
  );
}

interface Refused {
  file: string;
  problem: Problem;
}

/** Keeps cards one after the other; a single one is shown at once. */
function useImporting() {
  const { say, agentsChanged } = useHatchery();
  const { route } = useLocation();
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<Refused[]>([]);
  const here = useRef(true);
  useEffect(
    () => () => {
      here.current = false;
    },
    [],
  );
  const keep = async (files: FileList) => {
    const cards = [...files];
    if (busy) {
      say("The cards before these are still being imported.");
      return;
    }
    setBusy(true);
    setRefused([]);
    const kept: string[] = [];
    for (const file of cards) {
      try {
        kept.push((await importCard(file)).name);
      } catch (error) {
        const problem = explain(error);
        setRefused((before) => [...before, { file: file.name, problem }]);
      }
    }
    setBusy(false);
    const [first] = kept;
    if (first === undefined) return;
    agentsChanged.value += 1;
    if (cards.length === 1 && here.current) route(`/${first}`);
    else say(`${count(kept.length, "cards")} imported.`);
  };
  return { keep, busy, refused };
}
