"""What we claim about speed. Each module measures one claim: ours, the limit in the same run, and the ratio.

Absolute figures are a machine's; ratios travel. Ours and the limit therefore take turns (A B A B …) on one
cluster with the product's own configuration, durable commits included, and each is the median of its rounds.
"""
