"""The statement tables: what a code of a data set says, as data that can be read and argued with."""
