-- Whoever takes out or changes evaluations by hand makes fronts be looked for anew.
CREATE TRIGGER evaluation_gone AFTER DELETE ON evaluation BEGIN
    DELETE FROM front_row;
    UPDATE booked SET evaluation_upto = 0, recalled_upto = 0 WHERE evaluation_upto + recalled_upto > 0;
END;
CREATE TRIGGER evaluation_changed AFTER UPDATE ON evaluation BEGIN
    DELETE FROM front_row;
    UPDATE booked SET evaluation_upto = 0, recalled_upto = 0 WHERE evaluation_upto + recalled_upto > 0;
END;
CREATE TRIGGER recalled_gone AFTER DELETE ON recalled BEGIN
    DELETE FROM front_row;
    UPDATE booked SET evaluation_upto = 0, recalled_upto = 0 WHERE evaluation_upto + recalled_upto > 0;
END;
