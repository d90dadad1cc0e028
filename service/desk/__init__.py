"""The service desk: takes in what kiosks send, and shows cases to the people who answer them."""
