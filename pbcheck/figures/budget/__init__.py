"""The derived budget figures of the register: what a budget is, what it has to pay for, what was drawn from it and what is left."""
