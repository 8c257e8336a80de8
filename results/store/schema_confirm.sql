CREATE TABLE contender ( -- designs measured on the select images because they may be an answer, round by round
    campaign INTEGER NOT NULL REFERENCES campaign ON DELETE CASCADE,
    accuracy_key TEXT NOT NULL,      -- of the confirm images, as in `inputs`
    round INTEGER NOT NULL,          -- from 0
    position INTEGER NOT NULL,       -- from 0
    design TEXT NOT NULL,
    PRIMARY KEY (campaign, accuracy_key, round, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE confirmation ( -- the design of least cost that loses at most so much, found on the confirm images
    id INTEGER PRIMARY KEY,
    campaign INTEGER NOT NULL REFERENCES campaign ON DELETE CASCADE,
    accuracy_key TEXT NOT NULL,      -- of the confirm images, as in `inputs`
    minimised TEXT NOT NULL,         -- 'energy', ...
    drop_limit REAL NOT NULL,        -- points
    confidence REAL NOT NULL,        -- percent; 50: the mean decides
    images INTEGER NOT NULL,         -- of the test, and how many of them are one look
    block INTEGER NOT NULL,
    finished INTEGER NOT NULL,       -- 0: the walk along the steps has not ended
    answer INTEGER,                  -- position of a step; NULL: none keeps the limit
    sure_percent REAL NOT NULL,      -- that the answer keeps it; counts all designs tried
    UNIQUE (campaign, accuracy_key, drop_limit, confidence)
) STRICT;

CREATE TABLE confirmation_step ( -- the designs to test, in an order fixed before the first look
    confirmation INTEGER NOT NULL REFERENCES confirmation ON DELETE CASCADE,
    position INTEGER NOT NULL,       -- from 0
    design TEXT NOT NULL,
    tier TEXT NOT NULL,              -- 'measured' or 'trained'
    believed_drop REAL NOT NULL, believed_error REAL NOT NULL, -- before the test; mean, standard deviation
    held_against REAL NOT NULL,      -- limit of the step's own drop
    images INTEGER NOT NULL,         -- looked at; 0: its turn did not come
    only_float INTEGER NOT NULL,     -- of these, right in floating point only
    only_design INTEGER NOT NULL,    -- and under the design only
    verdict TEXT NOT NULL,           -- 'keeps', 'breaks' or 'open'
    PRIMARY KEY (confirmation, position)
) STRICT, WITHOUT ROWID;

CREATE TABLE look ( -- counts on the first so many confirm images
    accuracy_key TEXT NOT NULL,      -- as in `inputs`
    formats TEXT NOT NULL,           -- as in `design`
    images INTEGER NOT NULL,
    correct INTEGER NOT NULL,
    only_float INTEGER NOT NULL,
    only_design INTEGER NOT NULL,
    PRIMARY KEY (accuracy_key, formats, images)
) STRICT, WITHOUT ROWID;
