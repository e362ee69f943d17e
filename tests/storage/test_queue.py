"""The turnstile: never more inside than there are places, and nobody overtakes."""

import threading
import time

import pytest

from storage.queue import Turnstile


@pytest.mark.parametrize("places", [1, 3])
def test_never_more_inside_than_places(places: int) -> None:
    turn, count = Turnstile(places), threading.Lock()
    inside, most = 0, 0

    def pass_through() -> None:
        nonlocal inside, most
        for _ in range(20):
            with turn:
                with count:
                    inside += 1
                    most = max(most, inside)
                time.sleep(0.0005)
                with count:
                    inside -= 1

    threads = [threading.Thread(target=pass_through) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (most, inside) == (places, 0)


def test_who_came_first_is_served_first() -> None:
    turn = Turnstile(2)
    served: list[int] = []

    def pass_through(place: int) -> None:
        with turn:
            served.append(place)
            time.sleep(0.002)

    threads = [threading.Thread(target=pass_through, args=(place,)) for place in range(12)]
    with turn, turn:
        for thread in threads:
            thread.start()
            time.sleep(0.01)
        assert served == []
    for thread in threads:
        thread.join()
    assert sorted(served[:2]) == [0, 1]
    assert all(abs(place - position) <= 1 for position, place in enumerate(served))


def test_an_error_inside_gives_the_place_back() -> None:
    turn = Turnstile(1)
    with pytest.raises(ZeroDivisionError), turn:
        _ = 1 / 0
    passed: list[bool] = []

    def pass_through() -> None:
        with turn:
            passed.append(True)

    thread = threading.Thread(target=pass_through)
    thread.start()
    thread.join(timeout=5)
    assert passed == [True]
