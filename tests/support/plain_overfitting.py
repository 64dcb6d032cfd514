"""Cross-validation of choices and the test of superior ability once more, split by split, to hold the product's against."""

import itertools
import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class PlainSplits:
    """Logit, and score inside and outside, of the chosen column for each split."""

    logits: list[float]
    inside: list[float]
    outside: list[float]

    @property
    def probability(self) -> float:
        """Share of splits in which the chosen column is in the lower half."""
        return sum(logit <= 0 for logit in self.logits) / len(self.logits)


def ratio(column: Floats) -> float:
    """Mean over sample deviation; 0 where nothing happened."""
    return float(column.mean() / column.std(ddof=1)) if np.ptp(column) else 0.0


def plain_splits(returns: Floats, blocks: int) -> PlainSplits:
    """Every split by itself, from the rows."""
    parts = np.split(returns[len(returns) % blocks :], blocks)
    logits, inside, outside = [], [], []
    for chosen in itertools.combinations(range(blocks), blocks // 2):
        past = np.concatenate([parts[b] for b in chosen])
        future = np.concatenate([parts[b] for b in range(blocks) if b not in chosen])
        scores = [ratio(column) for column in past.T]
        best = scores.index(max(scores))
        after = [ratio(column) for column in future.T]
        rank = sum(a < after[best] for a in after) + (sum(a == after[best] for a in after) + 1) / 2
        share = rank / (len(after) + 1)
        logits.append(math.log(share / (1 - share)))
        inside.append(scores[best])
        outside.append(after[best])
    return PlainSplits(logits, inside, outside)


def plain_superior_ability(advantage: Floats, paths: list[Floats], block: int) -> dict[str, float]:
    """Hansen's three p-values from resampled rows: studentised, as printed in the paper."""
    n, models = advantage.shape
    stay = 1 - 1 / block
    mean, deviation = advantage.mean(axis=0), np.empty(models)
    for k in range(models):
        away = advantage[:, k] - mean[k]
        variance = float(away @ away) / n
        for lag in range(1, n):
            weight = (n - lag) / n * stay**lag + lag / n * stay ** (n - lag)
            variance += 2 * weight * float(away[lag:] @ away[: n - lag]) / n
        deviation[k] = math.sqrt(variance)
    observed = max(0.0, float(np.max(math.sqrt(n) * mean / deviation)))
    hopeless = -deviation / math.sqrt(n) * math.sqrt(2 * math.log(math.log(n)))
    centres = {"lower": np.maximum(mean, 0), "consistent": np.where(mean >= hopeless, mean, 0), "upper": mean}
    found = {}
    for name, centre in centres.items():
        drawn = [max(0.0, float(np.max(math.sqrt(n) * (path.mean(axis=0) - centre) / deviation))) for path in paths]
        found[name] = float(np.mean([value > observed for value in drawn]))
    return found
