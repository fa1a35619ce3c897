"""What words mean to the illustrator: tables only."""
