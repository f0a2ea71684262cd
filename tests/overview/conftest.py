from tests.todo.conftest import asks as asks
