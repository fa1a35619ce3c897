import { useEffect, useState } from "preact/hooks";
import type { Generation } from "../gen/hatchery/gateway/v1/generation_service_pb";
import { useHatchery } from "../hatchery";
import { explain, type Problem } from "../server/problem";
import { ProblemNote } from "./problem";

/** What people have an opinion of, by the step that makes it; the first that is there of each. */
const RATED: [string, string[]][] = [
  ["The words", ["history", "persona"]],
  ["The portrait", ["avatar"]],
  ["The work", ["write"]],
  ["The answer", ["execution"]],
];
const STARS = [1, 2, 3, 4, 5];

/** Asks how somebody likes what came of a generation. */
export function Ratings({ generation }: { generation: Generation }) {
  const { server } = useHatchery();
  const { name, steps } = generation;
  const [ratings, setRatings] = useState(generation.ratings);
  const [problem, setProblem] = useState<Problem>();
  // What the page watches is the log, and an opinion comes after that.
  useEffect(() => {
    server.generations.getGeneration({ name }).then(
      (found) => setRatings(found.ratings),
      () => undefined,
    );
  }, [server, name]);
  const rate = async (step: string, stars: number) => {
    setProblem(undefined);
    try {
      setRatings((await server.generations.rateGeneration({ name, step, stars })).ratings);
    } catch (error) {
      setProblem(explain(error));
    }
  };
  const asked = RATED.flatMap(([title, makers]) => {
    const step = makers.find((maker) => steps.some(({ step, result }) => step === maker && result));
    return step ? [{ title, step }] : [];
  });
  if (asked.length === 0) return null;
  return (
    <section class="ratings" aria-label="How do you like it?">
      {asked.map(({ title, step }) => (
        <Stars
          key={step}
          title={title}
          stars={ratings.find((rating) => rating.step === step)?.stars ?? 0}
          // The same star once more takes it back.
          onRate={(stars) => rate(step, stars)}
        />
      ))}
      {problem && <ProblemNote problem={problem} />}
    </section>
  );
}

interface StarsProps {
  title: string;
  stars: number;
  onRate: (stars: number) => void;
}

function Stars({ title, stars, onRate }: StarsProps) {
  return (
    <fieldset class="stars">
      <legend>{title}</legend>
      {STARS.map((star) => (
        <button
          key={star}
          type="button"
          class={`star${star <= stars ? " star-given" : ""}`}
          aria-pressed={star === stars}
          aria-label={`${star} of 5 stars`}
          onClick={() => onRate(star === stars ? 0 : star)}
        >
          {star <= stars ? "★" : "☆"}
        </button>
      ))}
    </fieldset>
  );
}
