CREATE TABLE seal ( -- hashes of the rows of the smaller tables, as they were stored; evaluations have theirs in `breakdown`
    name TEXT NOT NULL,              -- of the table
    hash INTEGER NOT NULL,           -- of all columns of a row: XXH3, 64 bits
    PRIMARY KEY (name, hash)
) STRICT, WITHOUT ROWID;
