"""What an operator needs: backup, checks, figures, and what is cleared away."""
