"""A simulated heart: parameters and a seed give a twelve-lead recording whose truth is exact.

A moving dipole whose P, QRS and T loops are sums of Gaussians in time (McSharry et al., IEEE Trans Biomed Eng
2003;50:289-294; Sameni et al., EURASIP J Adv Signal Process 2007:043407), seen by the leads through Dower's matrix
(Clin Cardiol 1980;3:87-95). `truth.reading` gives the Reading of some parameters, `population.draw` a population.
"""

from einthoven.ecg.simulator.parameters import Parameters
from einthoven.ecg.simulator.simulation import SAMPLING_RATE, VERSION, Simulated, beats, simulate, simulated

__all__ = ["SAMPLING_RATE", "VERSION", "Parameters", "Simulated", "beats", "simulate", "simulated"]
