"""From what a round knows to the cases on which model, people and team are measured."""
