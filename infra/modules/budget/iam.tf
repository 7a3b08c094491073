# Nobody is granted anything: whoever may see the billing account may see its budgets.
