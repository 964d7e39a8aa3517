"""Who may do what around a box, and for how long: the policy that the state signs, and its laws.

Law: pure values and comparisons. What is not allowed by name is forbidden; a policy that contradicts itself
is none. Signatures are checked through a port, today's date comes in, files are the business of others.
"""
