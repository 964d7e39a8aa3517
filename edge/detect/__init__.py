"""What a detector's tensors mean: model card, letterbox arithmetic, output decoders, non-maximum suppression.

Law: arrays in, arrays out; no runtime, no file, no clock. Reading a card from a file and running a model are
the adapters' work.
"""
