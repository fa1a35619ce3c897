import { useEffect } from "preact/hooks";
import { useHatchery } from "../hatchery";
import { ended } from "../watch/fold";
import { fraction, type Live } from "../watch/live";
import { beginning, headline } from "../words/telling";
import { Bar } from "./bar";
import { Egg } from "./egg";
import { useNotification } from "./notify";

/** Everything of this owner's that hatches right now, wherever it was begun. */
export function UnderWay() {
  const { watching } = useHatchery();
  useEffect(() => watching.watchAll(), [watching]);
  const shown = watching.all.value.toReversed();
  if (shown.length === 0) return null;
  return (
    <section class="under-way">
      <h2>In the nest</h2>
      <ul class="cards">
        {shown.map((live) => (
          <li key={live.generation.name}>
            <Card live={live} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Card({ live }: { live: Live }) {
  const { name } = live.generation;
  const description = beginning(live.generation);
  const over = ended(live.generation);
  useNotification(live);
  return (
    <a class="card card-under-way" href={`/${name}`}>
      <Egg fraction={fraction(live)} lively={!over} />
      <div class="card-words">
        <strong>
          <bdi>{description}</bdi>
        </strong>
        <span>{headline(live)}</span>
        <Bar fraction={fraction(live)} label={description} still={over} />
      </div>
    </a>
  );
}
