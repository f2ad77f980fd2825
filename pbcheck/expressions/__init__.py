"""Rule conditions in CEL: checked against types made from the schemas, linted, and emitted as one Python function a subject.

The official parser and checker (cel-expr-python) decide what a condition means; the emitted Python gives the same answer
about ten times faster, and the official evaluator decides wherever the emitted code cannot.
"""
