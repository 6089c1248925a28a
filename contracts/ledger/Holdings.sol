// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC1155Errors} from "@openzeppelin/contracts/interfaces/draft-IERC6093.sol";
import {IERC1155} from "@openzeppelin/contracts/token/ERC1155/IERC1155.sol";
import {IERC1155MetadataURI} from "@openzeppelin/contracts/token/ERC1155/extensions/IERC1155MetadataURI.sol";
import {ERC1155Utils} from "@openzeppelin/contracts/token/ERC1155/utils/ERC1155Utils.sol";
import {Restrictions} from "./Restrictions.sol";

/// @title ERC-1155 over packed positions. All rules of a transfer are in {_update}.
abstract contract Holdings is Restrictions, IERC1155MetadataURI, IERC1155Errors {
    mapping(address holder => mapping(address operator => bool)) public override isApprovedForAll;

    /// @inheritdoc IERC1155
    function balanceOf(address account, uint256 id) public view returns (uint256) {
        Position storage position = _positions[id][account];
        return position.exited ? 0 : position.balance;
    }

    /// @inheritdoc IERC1155
    function balanceOfBatch(address[] calldata accounts, uint256[] calldata ids)
        external
        view
        returns (uint256[] memory balances)
    {
        if (accounts.length != ids.length) revert ERC1155InvalidArrayLength(ids.length, accounts.length);
        balances = new uint256[](ids.length);
        for (uint256 i = 0; i < ids.length; ++i) balances[i] = balanceOf(accounts[i], ids[i]);
    }

    /// @notice Where the metadata document of a project is; empty when there is no such project.
    function uri(uint256 id) external view returns (string memory) {
        return _facts[id].uri;
    }

    /// @inheritdoc IERC1155
    function setApprovalForAll(address operator, bool approved) external {
        if (operator == address(0)) revert ERC1155InvalidOperator(operator);
        isApprovedForAll[msg.sender][operator] = approved;
        emit ApprovalForAll(msg.sender, operator, approved);
    }

    /// @inheritdoc IERC1155
    function safeTransferFrom(address from, address to, uint256 id, uint256 value, bytes calldata data)
        external
        nonReentrant
    {
        _requireAuthorised(from, to);
        _requireAllowedParties(from, to, id, value);
        _update(from, to, id, value);
        emit TransferSingle(msg.sender, from, to, id, value);
        ERC1155Utils.checkOnERC1155Received(msg.sender, from, to, id, value, data);
    }

    /// @inheritdoc IERC1155
    /// @dev The same as its entries one after the other, also when an id occurs twice.
    function safeBatchTransferFrom(
        address from,
        address to,
        uint256[] calldata ids,
        uint256[] calldata values,
        bytes calldata data
    ) external nonReentrant {
        if (ids.length != values.length) revert ERC1155InvalidArrayLength(ids.length, values.length);
        _requireAuthorised(from, to);
        if (ids.length != 0) _requireAllowedParties(from, to, ids[0], values[0]);
        for (uint256 i = 0; i < ids.length; ++i) _update(from, to, ids[i], values[i]);
        emit TransferBatch(msg.sender, from, to, ids, values);
        ERC1155Utils.checkOnERC1155BatchReceived(msg.sender, from, to, ids, values, data);
    }

    /// @dev The update hook: every move between two holders goes through here, and nothing else does.
    function _update(address from, address to, uint256 projectId, uint256 units) private {
        ProjectSlot storage project = _projects[projectId];
        Position storage sender = _positions[projectId][from];
        Position storage receiver = _positions[projectId][to];
        uint56 had = sender.balance;
        uint56 before = receiver.balance;
        uint8 code = _restrictionOfMove(project, sender, from, had, before, units);
        if (code != OK) revert TransferRestricted(code, from, to, projectId, units);
        if (units > had) revert ERC1155InsufficientBalance(from, had, units, projectId);
        if (units == 0 || from == to) return;

        uint24 epoch = project.epoch;
        _remember(epoch, sender, projectId, from);
        _remember(epoch, receiver, projectId, to);
        uint56 left = had - uint56(units);
        sender.balance = left;
        receiver.balance = before + uint56(units);
        if (left == 0 && before != 0) --project.holders;
        if (left != 0 && before == 0) ++project.holders;
    }

    /// @dev Keeps the balance of the epochs since the last change, before it changes: at most one node per epoch.
    function _remember(uint24 epoch, Position storage position, uint256 projectId, address holder) internal {
        uint24 last = position.epoch;
        if (last == epoch) return;
        uint56 balance = position.balance;
        if (balance == 0 && last == 0 && position.claimed == 0) {
            position.claimed = epoch; // held nothing when any epoch opened: nothing to remember, nothing to claim
        } else {
            _nodes[projectId][holder][epoch] = Node({balance: balance, previous: last});
        }
        position.epoch = epoch;
    }

    function _requireAuthorised(address from, address to) private view {
        if (to == address(0)) revert ERC1155InvalidReceiver(to);
        if (msg.sender != from && !isApprovedForAll[from][msg.sender]) {
            revert ERC1155MissingApprovalForAll(msg.sender, from);
        }
    }

    function _requireAllowedParties(address from, address to, uint256 projectId, uint256 units) private view {
        uint8 code = _restrictionOfParties(from, to);
        if (code != OK) revert TransferRestricted(code, from, to, projectId, units);
    }
}
