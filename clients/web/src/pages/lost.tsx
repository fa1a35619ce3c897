import { Egg } from "../parts/egg";

export function LostPage() {
  return (
    <section class="lost">
      <Egg fraction={0} lively={false} />
      <h1>There is nothing here</h1>
      <p>
        Maybe it never was. <a href="/">Hatch something</a>, or look at{" "}
        <a href="/agents">your companions</a>.
      </p>
    </section>
  );
}
