import { toJsonString } from "@bufbuild/protobuf";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { type Progress, ProgressSchema } from "../gen/hatchery/progress/v1/progress_pb";
import { useHatchery } from "../hatchery";
import { explain, type Problem } from "../server/problem";
import { registry } from "../server/registry";
import type { Live } from "../watch/live";
import { count, duration } from "../words/numbers";
import { usage } from "../words/telling";
import { type Attempt, timeline } from "../words/timeline";
import { Command } from "./command";
import { ProblemNote } from "./problem";
import { Table } from "./table";

/** So many raw events are shown at first; a page of thousands is slow and read by nobody. */
const SHOWN = 200;
/** While it goes on, the log is read so often, in milliseconds. */
const READ_EVERY = 1000;

/** What happened behind the curtain: attempts, raw events, and how to follow them elsewhere. */
export function Curtain({ live }: { live: Live }) {
  const [open, setOpen] = useState(false);
  return (
    <details class="curtain" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Behind the curtain</summary>
      {open && <Behind live={live} />}
    </details>
  );
}

function Behind({ live: { generation } }: { live: Live }) {
  const { name, lastSequence, retryOf } = generation;
  const { events, problem } = useLog(name, useThrottled(lastSequence, READ_EVERY));
  // The page moves with every frame; this only when there is more to read.
  const attempts = useMemo(() => <Attempts attempts={timeline(events)} />, [events]);
  const raw = useMemo(() => <Events events={events} />, [events]);
  return (
    <div class="behind">
      <p>
        <code>{name}</code>
        {retryOf && (
          <>
            {" "}
            tries <a href={`/${retryOf}`}>an earlier one</a> again
          </>
        )}
      </p>
      {problem && <ProblemNote problem={problem} />}
      {attempts}
      <h2 class="small">The same stream, elsewhere</h2>
      <Command line={grpcurl(name)} />
      {raw}
    </div>
  );
}

const ATTEMPT = ["Step", "Attempt", "Took", "Made", "By", "Seed", "Ended"];

function Attempts({ attempts }: { attempts: Attempt[] }) {
  const rows = attempts.map((one) => [
    one.title,
    one.attempt || "",
    one.ended === undefined ? "…" : duration(one.ended - one.began),
    one.usage && usage(one.usage, one.unit),
    one.usage?.engine && `${one.usage.model} (${one.usage.engine})`,
    one.usage?.seed,
    one.outcome,
  ]);
  return <Table title="Attempts" head={ATTEMPT} rows={rows} />;
}

function Events({ events }: { events: Progress[] }) {
  const [all, setAll] = useState(false);
  const [open, setOpen] = useState(false);
  const shown = all ? events : events.slice(-SHOWN);
  return (
    <details class="events" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{count(events.length, "events")}</summary>
      {open && shown.length < events.length && (
        <button type="button" class="button-small" onClick={() => setAll(true)}>
          Show the first {events.length - shown.length} as well
        </button>
      )}
      {open && (
        <ol class="scroll" start={events.length - shown.length + 1}>
          {shown.map((event) => (
            <li key={String(event.sequence)}>
              <code>{toJsonString(ProgressSchema, event, { registry })}</code>
            </li>
          ))}
        </ol>
      )}
    </details>
  );
}

/** The log so far, read up to where the page is: by calls that end, so that no connection is held. */
function useLog(name: string, last: bigint): { events: Progress[]; problem: Problem | undefined } {
  const { server } = useHatchery();
  const [events, setEvents] = useState<Progress[]>([]);
  const [problem, setProblem] = useState<Problem>();
  const [tries, setTries] = useState(0);
  const known = events.at(-1)?.sequence ?? 0n;
  const behind = known < last;
  useEffect(() => {
    if (!behind) return undefined;
    const left = new AbortController();
    let again: ReturnType<typeof setTimeout> | undefined;
    const read = async () => {
      const more: Progress[] = [];
      try {
        const request = { name, startingAfter: known };
        const stream = server.generations.watchGeneration(request, { signal: left.signal });
        for await (const event of stream) {
          if (event.sequence > 0n) more.push(event);
          if (event.sequence >= last) break;
        }
        setProblem(undefined);
      } catch (error) {
        if (left.signal.aborted) return;
        const failed = explain(error);
        setProblem(failed);
        if (failed.passing) again = setTimeout(() => setTries((count) => count + 1), READ_EVERY);
      } finally {
        if (more.length > 0 && !left.signal.aborted) setEvents((before) => [...before, ...more]);
        left.abort();
      }
    };
    void read();
    return () => {
      left.abort();
      clearTimeout(again);
    };
  }, [name, behind, known, tries, server]);
  return { events, problem };
}

/** A value that changes often, at most every so many milliseconds, and in the end the last one. */
function useThrottled<Value>(value: Value, milliseconds: number): Value {
  const [shown, setShown] = useState(value);
  const latest = useRef(value);
  latest.current = value;
  const moved = shown !== value;
  useEffect(() => {
    if (!moved) return undefined;
    const timer = setTimeout(() => setShown(latest.current), milliseconds);
    return () => clearTimeout(timer);
  }, [moved, milliseconds]);
  return shown;
}

function grpcurl(name: string): string {
  const plain = location.protocol === "https:" ? "" : "-plaintext ";
  const port = location.port || (plain ? "80" : "443");
  const request = JSON.stringify({ name });
  return `grpcurl ${plain}-d '${request}' ${location.hostname}:${port} hatchery.gateway.v1.GenerationService/WatchGeneration`;
}
