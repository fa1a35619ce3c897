import { Generation_State as State } from "../gen/hatchery/gateway/v1/generation_service_pb";
import type { Progress } from "../gen/hatchery/progress/v1/progress_pb";
import type { Cost } from "../gen/hatchery/types/v1/cost_pb";
import type { Usage } from "../gen/hatchery/types/v1/usage_pb";
import { type Live, remaining, worked } from "../watch/live";
import { cost } from "../words/cost";
import { clock, duration } from "../words/numbers";
import { basis, left } from "../words/telling";
import { rate, writing } from "../words/writing";
import { type Fact, Facts } from "./facts";
import { useNow } from "./now";

/** What writing takes: while it goes on as it grows, afterwards as the engine counted it. */
export function Measures({ live }: { live: Live }) {
  const { generation } = live;
  const running = generation.state === State.RUNNING;
  const now = useNow(running);
  const usage = writing(generation)?.usage;
  const took = worked(live, now);
  const facts = usage ? counted(usage) : growing(live, now);
  const time = usage && !running ? duration(took) : took > 0 && clock(took);
  return (
    <Facts
      facts={[
        ...facts,
        { name: usage ? "Time" : "Elapsed", value: time },
        ...(usage ? [] : [rest(live, now)]),
        costs(generation.cost),
        writer(usage),
      ]}
    />
  );
}

function growing(live: Live, now: number): Fact[] {
  const { generation, latest } = live;
  const tokens = writing(generation)?.tokens;
  const expected = tokens?.estimatedTotal || expectedBy(latest);
  const guess = tokens?.estimated ? "~" : "";
  const running = generation.state === State.RUNNING && now > 0;
  return [
    {
      name: "Tokens",
      value: (tokens || expected) && `${guess}${number(tokens?.tokens ?? 0n)}`,
      note: expected && expected > (tokens?.tokens ?? 0n) ? `of about ${number(expected)}` : "",
    },
    {
      name: "Speed",
      value:
        running &&
        tokens &&
        tokens.tokensPerSecond > 0 &&
        guess + tokens.tokensPerSecond.toFixed(1),
      note: "tokens/s",
    },
  ];
}

function rest(live: Live, now: number): Fact {
  const running = live.generation.state === State.RUNNING && !live.queued;
  const said = running ? left(remaining(live, now)).replace(/ left$/, "") : "";
  // A number and its unit stay together.
  const value = said.replace(/(\d) /g, "$1\u00a0");
  return { name: "Remaining", value, note: basis(live.latest?.remaining) };
}

/** What its engine counted in the end. */
export function counted(usage: Usage): Fact[] {
  const { inputTokens, outputTokens, keptTokens } = usage;
  const all = inputTokens !== undefined && outputTokens !== undefined && inputTokens + outputTokens;
  const pace = rate(usage);
  return [
    { name: "Tokens in", value: inputTokens !== undefined && number(inputTokens) },
    {
      name: "Tokens out",
      value: outputTokens !== undefined && number(outputTokens),
      note: keptTokens ? `${number(keptTokens)} of them kept` : "",
    },
    { name: "In all", value: all !== false && number(all), looks: "sum" },
    { name: "Speed", value: pace > 0 && pace.toFixed(1), note: "tokens/s" },
  ];
}

/** The model that wrote, and its engine. */
export function writer(usage: Usage | undefined): Fact {
  const value = usage?.model && <bdi>{usage.model}</bdi>;
  return { name: "Model", value, note: usage?.engine ?? "", looks: "wide" };
}

/** An amount with its unit below. */
export function costs(paid: Cost | undefined): Fact {
  const [amount = "", ...unit] = cost(paid).split(" ");
  return { name: "Cost", value: amount, note: unit.join(" ") };
}

/** How long the step that begins should be, as it says. */
function expectedBy(latest: Progress | undefined): bigint | undefined {
  const event = latest?.event;
  return event?.case === "stepStarted" ? event.value.expectedTokens?.expected : undefined;
}

function number(tokens: bigint): string {
  return tokens.toLocaleString("en");
}
