"""The rules of the model, one mechanism a file; `sim.week` applies them in order.

Rules on users compute in single precision (constants are written as `f32` values), rules on the
firm, its shareholders and the movement in double precision.
"""
