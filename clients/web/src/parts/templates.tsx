import { useEffect, useState } from "preact/hooks";
import type { Template } from "../gen/hatchery/gateway/v1/template_service_pb";
import { useHatchery } from "../hatchery";
import { explain, type Problem } from "../server/problem";
import { ProblemNote } from "./problem";

const PAGE = 200;

interface Props {
  chosen: Template | undefined;
  choose: (template: Template | undefined) => void;
  /** What is written, to be kept as a template of one's own. */
  description: string;
  /** What was written is in a template now. */
  onKeep: () => void;
}

/** Starting points: the ones that come with Hatchery, and one's own. */
export function Templates({ chosen, choose, description, onKeep }: Props) {
  const { server } = useHatchery();
  const [templates, setTemplates] = useState<Template[]>();
  const [problem, setProblem] = useState<Problem>();
  const failed = (error: unknown) => setProblem(explain(error));
  const read = async () => {
    const all: Template[] = [];
    let pageToken = "";
    try {
      do {
        const page = await server.templates.listTemplates({ pageSize: PAGE, pageToken });
        all.push(...page.templates);
        pageToken = page.nextPageToken;
      } while (pageToken);
      setTemplates(all);
    } catch (error) {
      failed(error);
    }
  };
  useEffect(() => void read(), [server]);
  const keep = async (title: string) => {
    const template = { title, description: description.trim() };
    setProblem(undefined);
    try {
      choose(await server.templates.createTemplate({ templateId: idOf(title), template }));
    } catch (error) {
      failed(error);
      return false;
    }
    onKeep();
    await read();
    return true;
  };
  const remove = ({ name, etag }: Template) => {
    setProblem(undefined);
    return server.templates.deleteTemplate({ name, etag }).then(() => {
      if (chosen?.name === name) choose(undefined);
      return read();
    }, failed);
  };
  return (
    <div class="templates">
      {problem && <ProblemNote problem={problem} />}
      <ul aria-label="Templates" aria-busy={templates === undefined}>
        {templates?.map((template) => (
          <li key={template.name}>
            <button
              type="button"
              class="chip template"
              aria-pressed={chosen?.name === template.name}
              onClick={() => choose(chosen?.name === template.name ? undefined : template)}
            >
              <strong>
                <bdi>{template.title}</bdi>
              </strong>
              <span>
                <bdi>{template.description}</bdi>
              </span>
            </button>
            {!template.shipped && (
              <button
                type="button"
                class="button-small"
                aria-label={`Delete the template ${template.title}`}
                onClick={() => remove(template)}
              >
                Delete
              </button>
            )}
          </li>
        ))}
      </ul>
      <Keep keep={keep} ready={description.trim() !== ""} />
    </div>
  );
}

/** Makes a template of what is written. */
function Keep({ keep, ready }: { keep: (title: string) => Promise<boolean>; ready: boolean }) {
  const [title, setTitle] = useState("");
  const able = ready && title.trim() !== "";
  const act = async () => {
    if (able && (await keep(title))) setTitle("");
  };
  // A form within a form is none.
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    void act();
  };
  return (
    <p class="keep">
      <label>
        Keep what is written above as a template called
        <input
          value={title}
          maxLength={100}
          disabled={!ready}
          onInput={(event) => setTitle(event.currentTarget.value)}
          onKeyDown={onKeyDown}
        />
      </label>
      <button type="button" class="button-small" disabled={!able} onClick={act}>
        Keep
      </button>
    </p>
  );
}

/** An id that says what the title says, as far as small letters and digits do. */
export function idOf(title: string): string {
  const plain = title
    .normalize("NFKD")
    .toLowerCase()
    .replace(/\p{M}/gu, "")
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, 60)
    .replace(/^-+|-+$/g, "");
  return (
    plain ||
    `template-${[...title]
      .map((c) => c.codePointAt(0)?.toString(36))
      .join("")
      .slice(0, 40)}`
  );
}
