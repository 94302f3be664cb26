"""Closed forms and exact solvers of small games: one result a file, named for it, its source in the docstring.

Pure functions of floats and arrays. Nothing here imports the rest of the package, and what a result is the oracle of
never imports it: tests, reports and rival models do.

Offers:       rubinstein, stahl, outside_options, inside_options, breakdown, frequent_offers, discrete_offers
Solutions:    nash_solution, kalai_smorodinsky, egalitarian, utilitarian, split_dollar (with frontier)
Legislatures: baron_ferejohn, unequal_recognition, favoured_recognition, unanimity, shapley, shapley_shubik
Crises:       crisis_range, crisis_costs, crisis_types, biased_mediation
Tables:       two_tables
War:          screening, fighting_costs, fighting_power, shifting_power, gradual_shift, salami, sliced_salami, red_line
Logit:        logit_pennies, logit_offers
Alignment:    wedge, wedge_private, alliance_dilemma, hedonic
Graph model:  graph_model, option_form
Sensitivity:  ishigami
"""
