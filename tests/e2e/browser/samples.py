"""What the model that a test plays has written for the documents' pictures."""

TALE = """\
The lighthouse that was afraid of the dark

At the end of a long stone pier, where the gulls argue about the weather, there stood a lighthouse \
called Ottoline. She was striped like a stick of peppermint, and every ship for miles around loved \
her. But Ottoline had a secret that she had told nobody, not even the gulls.

She was afraid of the dark.

“A lighthouse that is afraid of the dark,” she said to herself each evening, when the sun slid \
down behind the hills. “That is the silliest thing I ever heard.” And then she lit her lamp as \
quickly as she could, looked only at the bright places, and never once behind her.

One night a small fishing boat came too close to the rocks. “Where are you?” called the fisherman. \
“I see your light, but I cannot see where it comes from!”

So Ottoline turned round, all the way, for the first time in her life. And there, where she had \
never dared to look, the dark was full of stars.

The boat found its way home. And Ottoline has kept on turning ever since, so as not to miss any.
"""
TIMER = """\
Here is your timer, as one page.

<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Round and round</title>
<style>
body { margin: 0; min-height: 100vh; display: grid; place-items: center; color: #3b2410;
  font-family: system-ui, sans-serif; background: linear-gradient(160deg, #f6d365, #fda085); }
main { background: #fffaf0; border-radius: 20px; padding: 28px 40px; text-align: center;
  box-shadow: 0 12px 40px rgb(0 0 0 / 20%); }
h1 { font-size: 1.4rem; margin: 0 0 .5rem; }
#time { font-size: 4rem; font-weight: 700; font-variant-numeric: tabular-nums; }
button { font: inherit; font-size: 1.1rem; margin: .4rem; padding: .6rem 1.4rem; border: 0;
  border-radius: 999px; background: #b3471b; color: white; cursor: pointer; }
#reset { background: #e6d9c4; color: #3b2410; }
</style>
</head>
<body>
<main>
<h1>Round <span id="round">1</span> of 4</h1>
<div id="time">25:00</div>
<p><button id="go">Start</button> <button id="reset">Reset</button></p>
<p>A short pause comes after each round.</p>
</main>
<script>
let left = 25 * 60;
let timer;
const show = () => {
  const seconds = String(left % 60).padStart(2, "0");
  document.getElementById("time").textContent = `${Math.floor(left / 60)}:${seconds}`;
};
document.getElementById("go").onclick = () => {
  clearInterval(timer);
  timer = setInterval(() => { left -= 1; show(); }, 1000);
};
document.getElementById("reset").onclick = () => {
  clearInterval(timer);
  left = 25 * 60;
  show();
};
</script>
</body>
</html>
"""
RAIN = """\
Oh, I should like that very much. I shall put the kettle on and light the lamp by the window, and \
you may choose the cups: the blue ones do not match, but they have the best stories.

Smoky tea, then. I have written it down, so that I shall not have to ask again. Shall I read to \
you while it rains? There is a book about a lighthouse that I have been saving.
"""
