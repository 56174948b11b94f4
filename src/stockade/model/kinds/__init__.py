"""The kinds of resource that the model knows, by what they are for. `stockade.model.app` names them all."""
