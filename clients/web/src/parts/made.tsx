import type { ComponentChildren } from "preact";
import {
  type ActionProgress,
  ActionProgress_State as ActionState,
  type StepCompleted,
} from "../gen/hatchery/progress/v1/progress_pb";
import {
  type ActionResult,
  type Analysis,
  type ContextReading,
  type MemoryRef,
  type MemoryUpdate,
  type PlannedAction,
  ReviewedAction_Verdict as Verdict,
} from "../gen/hatchery/types/v1/thought_pb";
import { explainStatus } from "../server/problem";
import { count, percent } from "../words/numbers";
import { actionName, DOING, INTENTS, VERDICTS } from "../words/thinking";

/** What a step made, by its kind; what stands elsewhere on the page is left out. `told`: its actions are. */
export function Made({ result: { output }, told }: { result: StepCompleted; told: boolean }) {
  switch (output.case) {
    case "contextReading":
      return <Context reading={output.value} />;
    case "analysis":
      return <Wanted analysis={output.value} />;
    case "plan":
      return (
        <Deeds>
          {output.value.actions.map((planned, at) => (
            <Planned key={at} planned={planned} />
          ))}
        </Deeds>
      );
    case "planReview":
      return (
        <Deeds>
          {output.value.actions.map(({ planned, verdict, reason }, at) => (
            <li key={at} class={verdict === Verdict.ACCEPTED ? "deed-yes" : "deed-no"}>
              <strong>{actionName(planned?.action ?? "")}</strong>{" "}
              <span>
                {VERDICTS[verdict]}
                {reason && (
                  <>
                    : <bdi>{reason}</bdi>
                  </>
                )}
              </span>
            </li>
          ))}
        </Deeds>
      );
    case "reply":
      return told ? null : <Results results={output.value.actions} />;
    case "memoryUpdate":
      return <Kept update={output.value} />;
    case "document":
      return <pre class="step-document">{JSON.stringify(output.value, null, 2)}</pre>;
    case "text":
      return <p class="step-document">{output.value}</p>;
  }
  return null;
}

function Deeds({ children }: { children: ComponentChildren }) {
  return <ol class="deeds">{children}</ol>;
}

function Planned({ planned: { action, arguments: given, reason } }: { planned: PlannedAction }) {
  return (
    <li>
      <strong>{actionName(action)}</strong>
      {Object.entries(given)
        .sort()
        .map(([name, value]) => (
          <span key={name} class="deed-given">
            {" "}
            {name.replaceAll("_", " ")}: <bdi>“{value}”</bdi>
          </span>
        ))}
      {reason && (
        <span class="soft">
          {" "}
          – <bdi>{reason}</bdi>
        </span>
      )}
    </li>
  );
}

function Context({ reading }: { reading: ContextReading }) {
  const { messages, earlierMessages, memories } = reading;
  return (
    <>
      <p class="step-details">
        {messages > 0
          ? `Reads the latest ${count(messages, "messages")} word by word.`
          : "Nothing was said before."}
        {earlierMessages > 0 &&
          ` The summary stands for ${earlierMessages.toLocaleString("en")} before.`}
      </p>
      <Memories memories={memories} label="Memories that matter" />
    </>
  );
}

function Memories({ memories, label }: { memories: MemoryRef[]; label: string }) {
  if (memories.length === 0) return null;
  return (
    <ul class="recalled" aria-label={label}>
      {memories.map(({ memory, text, relevance }) => (
        <li key={memory}>
          <bdi>{text}</bdi>
          {relevance > 0 && <span class="soft"> fits {percent(relevance)}</span>}
        </li>
      ))}
    </ul>
  );
}

function Wanted({ analysis: { intent, request, wanted, keywords } }: { analysis: Analysis }) {
  return (
    <>
      <p class="step-details">
        {INTENTS[intent]}
        {request && (
          <>
            : <bdi>{request}</bdi>
          </>
        )}
        {wanted.length > 0 && ` – wants it to ${wanted.join(", ").replaceAll("_", " ")}`}
      </p>
      {keywords.length > 0 && (
        <ul class="keywords" aria-label="Words to search by">
          {keywords.map((word) => (
            <li key={word}>
              <bdi>{word}</bdi>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function Kept({ update: { memories, summarizedMessages } }: { update: MemoryUpdate }) {
  return (
    <>
      <Memories memories={memories} label="New memories" />
      {summarizedMessages > 0 && (
        <p class="step-details">
          The summary now stands for {count(summarizedMessages, "messages")} more.
        </p>
      )}
    </>
  );
}

/** Actions that are taken, each as it stands. */
export function ActionsTaken({ actions }: { actions: readonly ActionProgress[] }) {
  return (
    <Deeds>
      {actions.map(({ index, state, action }) => (
        <li key={index} class={LOOKS[state]}>
          <strong>{actionName(action?.action ?? "")}</strong>{" "}
          <span>{action && state !== ActionState.RUNNING ? told(action) : DOING[state]}</span>
        </li>
      ))}
    </Deeds>
  );
}

const LOOKS: Record<ActionState, string> = {
  [ActionState.UNSPECIFIED]: "",
  [ActionState.RUNNING]: "deed-now",
  [ActionState.COMPLETED]: "deed-yes",
  [ActionState.FAILED]: "deed-no",
};

function Results({ results }: { results: readonly ActionResult[] }) {
  if (results.length === 0) return null;
  return (
    <Deeds>
      {results.map((result, at) => (
        <li key={at} class={result.error ? "deed-no" : "deed-yes"}>
          <strong>{actionName(result.action)}</strong> <span>{told(result)}</span>
        </li>
      ))}
    </Deeds>
  );
}

/** What came of an action, with the way to it. */
function told({ details, resource, error }: ActionResult) {
  const words = error ? explainStatus(error).title : details || DOING[ActionState.COMPLETED];
  return (
    <>
      <bdi>{words}</bdi>
      {/^(agents|generations)\//.test(resource) && (
        <>
          {" "}
          <a href={`/${resource}`}>Look</a>
        </>
      )}
    </>
  );
}
