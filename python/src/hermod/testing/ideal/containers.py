"""Methods of lists and dictionaries."""

from __future__ import annotations

from typing import Any

from hermod.testing.ideal.calls import Given, Keywords
from hermod.testing.ideal.tasks import Tasks


class Containers(Tasks):
    """Each changes the object, and what is known to have flowed into its parts."""

    def _list_append(self, base: list[Any], tags: int, given: list[Given], _: Keywords) -> None:
        ((value, own),) = given
        control = self.c | tags
        if own or control or self.shadows.find(base):
            self.shadows.items_of(base).append(own | self.c)
            base.append(value)
            self.shadows.spoil(base, 0)
            self.shadows.of(base).shape |= control
        else:
            base.append(value)
        self.t = 0

    def _list_extend(self, base: list[Any], tags: int, given: list[Given], _: Keywords) -> None:
        steps, length = self._used_up(given[0])
        carried = self.shadows.items_of(base)
        base.extend(value for value, _, _ in steps)
        carried += [own | self.c for _, own, _ in steps]
        self.shadows.spoil(base, 0)
        self.shadows.of(base).shape |= length | self.c | tags
        self.t = 0

    def _list_insert(self, base: list[Any], tags: int, given: list[Given], _: Keywords) -> None:
        (place, place_tags), (value, own) = given
        self.shadows.items_of(base).insert(place, own | self.c)
        base.insert(place, value)
        self.shadows.spoil(base, 0)
        self.shadows.of(base).shape |= place_tags | self.c | tags
        self.t = 0

    def _list_pop(self, base: list[Any], tags: int, given: list[Given], _: Keywords) -> Any:
        place, place_tags = given[0] if given else (-1, 0)
        carried = self.shadows.items_of(base)
        length = self.shadows.length(base) | tags | place_tags
        try:
            value = base.pop(place)
        except Exception as error:
            self.note(error, length | self.c)
            raise
        self.t = carried.pop(place) | length
        if self.c | place_tags | tags:
            self.shadows.of(base).shape |= self.c | place_tags | tags
        return value

    def _list_sort(self, base: list[Any], tags: int, _: list[Given], keywords: Keywords) -> None:
        steps = self.all_steps(base, tags)
        ordered, chosen_by = self._ordered(steps, keywords)
        base[:] = [value for value, _, _ in ordered]
        self.shadows.items_of(base)[:] = [own for _, own, _ in ordered]
        self.shadows.spoil(base, chosen_by | self.c)
        self.t = 0

    def _list_reverse(self, base: list[Any], tags: int, _: list[Given], __: Keywords) -> None:
        base.reverse()
        self.shadows.items_of(base).reverse()
        self.shadows.spoil(base, self.c | tags)
        self.t = 0

    def _list_copy(self, base: list[Any], tags: int, _: list[Given], __: Keywords) -> Any:
        return self._copied([(base, tags)], list)

    def _dict_get(self, base: dict[Any, Any], tags: int, given: list[Given], _: Keywords) -> Any:
        (key, key_tags), *default = given
        self.t = tags | key_tags | self.shadows.part(base, key)
        if key in base:
            self.shadows.choose(base, base[key], key_tags)
            return base[key]
        if not default:
            return None
        self.t |= default[0][1]
        return default[0][0]

    def _dict_items(self, base: dict[Any, Any], tags: int, _: list[Given], __: Keywords) -> Any:
        self.t = tags
        return self.shadows.view(base.items(), base)

    def _dict_values(self, base: dict[Any, Any], tags: int, _: list[Given], __: Keywords) -> Any:
        self.t = tags
        return self.shadows.view(base.values(), base)

    def _dict_keys(self, base: dict[Any, Any], tags: int, _: list[Given], __: Keywords) -> Any:
        self.t = tags
        return self.shadows.view(base.keys(), base)

    def _dict_setdefault(
        self, base: dict[Any, Any], tags: int, given: list[Given], _: Keywords
    ) -> Any:
        (key, key_tags), *default = given
        value, own = default[0] if default else (None, 0)
        if key not in base:
            self.set_item(base, tags, key, key_tags, value, own)
        self.shadows.choose(base, base[key], key_tags)
        self.t = tags | key_tags | self.shadows.part(base, key)
        return base[key]

    def _dict_pop(self, base: dict[Any, Any], tags: int, given: list[Given], _: Keywords) -> Any:
        (key, key_tags), *default = given
        own = tags | key_tags | self.shadows.part(base, key) | self.shadows.length(base)
        try:
            value = base.pop(key, *(v for v, _ in default))
        except Exception as error:
            self.note(error, own | self.c)
            raise
        self.shadows.spoil(base, key_tags | tags | self.c)
        self.t = own
        return value

    def _dict_update(
        self, base: dict[Any, Any], tags: int, given: list[Given], keywords: Keywords
    ) -> None:
        other = self._dict(given, keywords)
        own = {key: self.shadows.part(other, key) for key in other}
        for key, value in other.items():
            self.set_item(base, 0, key, 0, value, own[key])
        self.shadows.spoil(base, self.shadows.length(other) | tags)
        self.t = 0

    def _dict_copy(self, base: dict[Any, Any], tags: int, _: list[Given], __: Keywords) -> Any:
        return self._dict([(base, tags)], {}) if type(base) is dict else self.native(
            base.copy, self.whole(base, tags), [], {})  # fmt: skip
