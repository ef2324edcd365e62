"""Whether quotes carry a claim: numbers, dates, names, denials, hedges, who did what to whom."""
