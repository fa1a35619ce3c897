import { useEffect } from "preact/hooks";
import type { Generation } from "../gen/hatchery/gateway/v1/generation_service_pb";
import { useHatchery } from "../hatchery";
import { ended } from "../watch/fold";
import { fraction, type Live } from "../watch/live";
import { beginning, headline } from "../words/telling";
import { kindOf } from "../words/writing";
import { Bar } from "./bar";
import { Egg } from "./egg";
import { Leaf, Speech } from "./leaf";
import { useNotification } from "./notify";

interface Props {
  title: string;
  /** Which of them are shown; all, unless it says. */
  only?: (generation: Generation) => boolean;
}

/** Everything of this owner's that is made right now, wherever it was begun. */
export function UnderWay({ title, only = () => true }: Props) {
  const { watching } = useHatchery();
  useEffect(() => watching.watchAll(), [watching]);
  const shown = watching.all.value.filter(({ generation }) => only(generation)).reverse();
  if (shown.length === 0) return null;
  return (
    <section class="under-way">
      <h2>{title}</h2>
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
  const { name, conversation, message } = live.generation;
  const description = beginning(live.generation);
  const over = ended(live.generation);
  const kind = kindOf(live.generation);
  useNotification(live);
  return (
    <a class="card card-under-way" href={`/${message || conversation || name}`}>
      {kind ? (
        <Leaf kind={kind} fraction={fraction(live)} />
      ) : conversation ? (
        <Speech fraction={fraction(live)} />
      ) : (
        <Egg fraction={fraction(live)} lively={!over} />
      )}
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
