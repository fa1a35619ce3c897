import type { Conversation } from "../../gen/hatchery/gateway/v1/conversation_service_pb";
import { useHatchery } from "../../hatchery";
import { moment } from "../../words/numbers";
import { usePages } from "../pages";

const PAGE = 30;

/** The conversations with an agent, the latest first; read again with `pulse`. */
export function useConversations(agent: string, pulse: string) {
  const { server, conversationsChanged } = useHatchery();
  return usePages<Conversation>(
    async (page, options) => {
      const request = { agent, ...page };
      const found = await server.conversations.listConversations(request, options);
      return { items: found.conversations, nextPageToken: found.nextPageToken };
    },
    JSON.stringify([agent, pulse, conversationsChanged.value]),
    PAGE,
  );
}

interface Props {
  agent: string;
  /** The one that is shown; empty for a new one. */
  here: string;
  conversations: Conversation[] | undefined;
  next: (() => void) | undefined;
}

/** What was talked about with a companion. */
export function Shelf({ agent, here, conversations = [], next }: Props) {
  const current = (name: string) => (name === here ? "page" : undefined);
  return (
    <nav class="shelf" aria-label="Conversations">
      <a class="button-small" href={`/${agent}/chat/new`} aria-current={current("")}>
        <span aria-hidden="true">+ </span>New conversation
      </a>
      <ul>
        {conversations.map(({ name, title, latest, updateTime }) => (
          <li key={name}>
            <a href={`/${name}`} aria-current={current(name)}>
              <strong>
                <bdi>{title}</bdi>
              </strong>
              <span class="soft">
                <bdi>{latest}</bdi>
              </span>
              <time class="soft">{day(moment(updateTime) ?? 0)}</time>
            </a>
          </li>
        ))}
      </ul>
      {next && (
        <button type="button" class="button-small" onClick={next}>
          Show more
        </button>
      )}
    </nav>
  );
}

function day(seconds: number): string {
  const at = new Date(seconds * 1000);
  return at.toDateString() === new Date().toDateString()
    ? at.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" })
    : at.toLocaleDateString([], { day: "numeric", month: "short" });
}
