"""What people see and press: words, cards, buttons, forms, pictures and kind answers to mistakes."""
