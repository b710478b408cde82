"""`gongji serve` as a process of its own: several workers on one database, figures of all, an orderly end."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest

from gongji.base.times import CHINA
from gongji.demo_data import generate
from gongji.project.story.cast import cast_of
from gongji.project.story.client import (
    GENERIC_PATH,
    AnswerLost,
    Caller,
    CallFailed,
    Institution,
    api_headers,
)
from gongji.project.story.messages import settlement
from gongji.project.story.play import Story
from gongji.project.story.service import free_port
from tests.vaults import ENVIRONMENT

WAIT_S = 60.0


class Server:
    """A running `gongji serve --demo`."""

    def __init__(self, url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
        self.url = url
        self.process = process
        self.log = log

    def get(self, path: str) -> tuple[int, str]:
        try:
            with urllib.request.urlopen(self.url + path, timeout=5) as answer:  # noqa: S310 - our own http address
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError:
            return 0, ""


@pytest.fixture
def server(pg_url: str, tmp_path: Path) -> Iterator[Server]:
    port = free_port()
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("GONGJI_")},
        "DATABASE_URL": pg_url,
        **ENVIRONMENT,
    }
    log = tmp_path / "serve.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "gongji", "serve", "--demo", "--workers", "2", "--port", str(port)],
            stdout=out,
            stderr=subprocess.STDOUT,
            env=environment,
        )
        made = Server(f"http://127.0.0.1:{port}", process, log)
        until = time.monotonic() + WAIT_S
        while made.get("/ready")[0] != 200:
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < until, log.read_text()
            time.sleep(0.1)
        yield made
        if process.poll() is None:
            process.terminate()
        process.wait(WAIT_S)


def caller(server: Server) -> Caller:
    """The first demonstration hospital, signing with the key that its data ships."""
    place = next(place for place in generate().institutions if place.row["kind"] == "hospital")
    institution = Institution(
        str(place.row["code"]),
        str(place.row["name"]),
        str(place.row["region"]),
        place.access_key,
        place.secret,
    )
    return dial(server, institution)


def test_two_workers_answer_signed_messages_and_report_together(server: Server) -> None:
    asked = {"medinsinfo": {"fixmedins_type": "1", "fixmedins_code": caller(server).institution.code}}
    for _ in range(20):
        found = caller(server).call("1201", asked)
        assert found["medinsinfo"]
    status, figures = server.get("/metrics")
    assert status == 200
    assert 'gongji_trades_total{infcode="0",infno="1201"} 20.0' in figures
    started = [json.loads(line) for line in server.log.read_text().splitlines() if '"started"' in line]
    assert len({line["worker"] for line in started}) == 2


def test_one_settlement_sent_a_thousand_times_over_fifty_connections_happens_once(
    server: Server, pg_url: str
) -> None:
    told = Story(cast_of(generate(), 3_000), lambda institution: dial(server, institution), lambda *_: None)
    hospital = dial(server, told.cast.hospital)
    told.identify(hospital)
    told.visit(hospital)
    goods = (told.cast.consultation, told.cast.drug_with_standard, told.cast.drug_b)
    asked = settlement(told.cast.member, told.told.mdtrt_id, "1", goods)
    body = hospital.envelope("2207", asked, msgid=hospital.next_msgid())
    other = body.replace(b'"acct_used_flag": "1"', b'"acct_used_flag": "0"')
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        outputs = [
            output
            for answers in pool.map(
                lambda _: send_often(hospital, body, COPIES // CONNECTIONS), range(CONNECTIONS)
            )
            for output in answers
        ]
    assert len(outputs) == COPIES
    assert len(set(outputs)) == 1
    assert json.loads(outputs[0])["setlinfo"]["setl_id"]
    (changed,) = send_often(hospital, other, 1, infcode=-1)
    assert changed == "null"
    with psycopg.connect(pg_url) as conn:
        stored = conn.execute(
            "SELECT count(*) FROM settlement_fact WHERE visit_id = %s", (int(told.told.mdtrt_id),)
        ).fetchone()
    assert stored == (1,)


COPIES, CONNECTIONS = 1_000, 50


def dial(server: Server, institution: Institution) -> Caller:
    return Caller(server.url, institution, lambda: datetime.now(CHINA))


def send_often(hospital: Caller, body: bytes, times: int, *, infcode: int = 0) -> list[str]:
    """Outputs of the same message sent over one connection, each time under a fresh signature."""
    outputs = []
    connection = http.client.HTTPConnection(urlsplit(hospital.base_url).netloc, timeout=WAIT_S)
    for _ in range(times):
        connection.request(
            "POST", GENERIC_PATH, body, api_headers(hospital.institution, "2207", hospital.now())
        )
        answer = json.loads(connection.getresponse().read())
        assert answer["infcode"] == infcode, answer["err_msg"]
        outputs.append(json.dumps(answer["output"], sort_keys=True))
    connection.close()
    return outputs


def test_a_stopping_server_answers_what_it_accepted(server: Server, pg_url: str) -> None:
    answers: list[Any] = []
    lost: list[BaseException] = []
    stop = threading.Event()

    def sign_in_often() -> None:
        hospital = caller(server)
        hospital._serial = threading.get_ident() % 10_000
        while not stop.is_set():
            try:
                answers.append(hospital.call("9001", {"signIn": {"opter_no": "1", "mac": "m", "ip": "i"}}))
            except (AnswerLost, CallFailed) as error:
                lost.append(error)
                return

    threads = [threading.Thread(target=sign_in_often) for _ in range(4)]
    for thread in threads:
        thread.start()
    time.sleep(1.0)
    server.process.send_signal(signal.SIGTERM)
    assert server.process.wait(WAIT_S) == 0
    stop.set()
    for thread in threads:
        thread.join()
    assert len(answers) > 20
    with psycopg.connect(pg_url) as connection:
        rows = connection.execute(
            "SELECT sign_no FROM gateway_signin WHERE fixmedins_code = %s", (caller(server).institution.code,)
        ).fetchall()
    stored = {row[0] for row in rows}
    told = {answer["signinoutb"]["sign_no"] for answer in answers}
    assert told == stored
    assert '"stopped"' in server.log.read_text()


def test_a_taken_port_is_said_in_chinese(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = subprocess.run(
            [sys.executable, "-m", "gongji", "serve", "--port", port],
            capture_output=True,
            text=True,
            env={**os.environ, "GONGJI_DATA": str(tmp_path)},
            check=False,
        )
    assert done.returncode == 1
    assert "不能在" in done.stderr
    assert not list(tmp_path.iterdir())


def test_a_wrong_setting_is_said_in_chinese(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "gongji", "serve"],
        capture_output=True,
        text=True,
        env={**os.environ, "GONGJI_DATA": str(tmp_path), "GONGJI_SIGNATURE": "maybe"},
        check=False,
    )
    assert done.returncode == 1
    assert "GONGJI_SIGNATURE" in done.stderr
