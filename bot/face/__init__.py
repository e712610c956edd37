"""What people see and press: words, cards, buttons, forms, pictures, answers to mistakes."""
